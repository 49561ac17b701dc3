// SPDX-License-Identifier: Apache-2.0

/** The local cluster's name in the portal and in its metrics. */
export const LOCAL_CLUSTER = 'laptop';
