// SPDX-License-Identifier: Apache-2.0
export interface Config {
  mlflow?: {
    access?: {
      /**
       * What happens to experiments and registered models that do not say whose
       * they are (MLflow tag `greenroom.component`). `allow`: whoever may see an
       * entity that names them reads them, and the auditor is told. `deny`: nobody
       * does. Default: `allow`.
       * @visibility backend
       */
      unmarked?: 'allow' | 'deny';
    };
  };
}
