export { ModelVersionsTable } from './ModelVersionsTable';
