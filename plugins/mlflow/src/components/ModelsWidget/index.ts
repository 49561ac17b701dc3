export { ModelsWidget } from './ModelsWidget';
