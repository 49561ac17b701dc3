export { scaffolderModuleMlTranslationRef } from './ref';
