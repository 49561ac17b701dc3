// SPDX-License-Identifier: Apache-2.0

/**
 * What a component of the Model service template may be made of: data sets,
 * metrics, names and tables. The form and the actions judge by it alike.
 *
 * @packageDocumentation
 */
export * from './choiceOptions';
export * from './choices';
export * from './choiceTypes';
export * from './datasets';
export * from './hostNames';
export * from './inspection';
export * from './metrics';
export * from './names';
export * from './recordedAnswers';
export * from './storedUrl';
export * from './table';
export * from './types';
