export { TrainingTab } from './TrainingTab';
