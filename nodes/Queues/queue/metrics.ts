import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { InvalidRequestError } from '../../../src/api/errors';
import { keptBack, listIn } from '../../../src/api/queues/answers';
import { metrics } from '../../../src/api/queues/wrappers';
import { eachRead, outputs } from '../../../src/n8n/each';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { allowedQueues, queue, queueOf, requireServiceRole } from '../fields';
import { CUT } from './cut';

const OF = ['queue', 'all'] as const;

const metricsOf: INodeProperties = {
	displayName: 'Of',
	name: 'metricsOf',
	type: 'options',
	options: [
		{ name: 'One Queue', value: 'queue' },
		{ name: 'All Queues', value: 'all' },
	],
	default: 'queue',
	description: 'Whose metrics to read',
};

const oneQueue: INodeProperties = { ...queue, displayOptions: { show: { metricsOf: ['queue'] } } };

export const getMetrics = operation<{ readonly queue: string | undefined }>({
	name: 'Get Metrics',
	value: 'metrics',
	action: 'Get the metrics of queues',
	description: 'Read how many messages wait in a queue and how old they are, or of all queues',
	parameters: [metricsOf, oneQueue, optionsOf([allowedQueues, ...requestOptions])],
	compile(get) {
		requireServiceRole(get, 'Reading metrics');
		const of = get.oneOf('metricsOf', OF);
		if (!of) throw new InvalidRequestError('Of is empty', `Use one of ${OF.join(', ')}.`);
		if (of === 'queue') return { queue: queueOf(get) };
		if (get.option('allowedQueues').given) {
			throw new InvalidRequestError(
				'All Queues are more than Allowed Queues',
				'Choose One Queue in Of, or remove Allowed Queues from Options.',
			);
		}
		return { queue: undefined };
	},
	execute: eachRead(async (plan, send, run) => {
		const answer = await send(metrics(plan.queue));
		if (keptBack(answer) > 0) run.hint(CUT);
		return outputs(listIn<IDataObject>(answer));
	}),
});
