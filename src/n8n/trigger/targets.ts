import type { TriggerPlan } from './plan';

/** What is listened to, in a person's words. */
export function targets({ tables, rooms, durable }: TriggerPlan): string {
	const queues = [
		...(durable?.captured ? [durable.captured.plan.queue] : []),
		...(durable?.queues ?? []),
	];
	const names = [
		...tables.map(({ schema, name, events }) => `${events.join(', ')} of ${schema}.${name}`),
		...rooms.map(({ name }) => `the channel ${name}`),
		...queues.map((queue) => `the queue ${queue}`),
	];
	return names.join('; ');
}
