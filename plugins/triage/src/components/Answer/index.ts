// SPDX-License-Identifier: Apache-2.0
export { AskAgain } from './AskAgain';
export { FeedbackForm } from './FeedbackForm';
export { IncidentActions } from './IncidentActions';
