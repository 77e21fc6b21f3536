/**
 * Requests whose answer is meant to take long, so that their silence is no sign of trouble: a listener is answered when
 * it ends (2026-07-28, "Subscriptions"), and the result of a task when the task has one (2025-11-25, "Tasks").
 */
export const patientMethods: ReadonlySet<string> = new Set(['subscriptions/listen', 'tasks/result']);
