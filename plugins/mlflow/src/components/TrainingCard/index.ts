export { TrainingCard } from './TrainingCard';
