export { InstanceAlerts } from './InstanceAlerts';
