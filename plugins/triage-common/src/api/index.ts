// SPDX-License-Identifier: Apache-2.0
export * from './incident';
export * from './incidentDetails';
export * from './requests';
export * from './searchDocument';
export * from './signals';
