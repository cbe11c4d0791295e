import type { IDataObject } from 'n8n-workflow';

import { keptBack, listIn } from '../../../src/api/queues/answers';
import { listQueues } from '../../../src/api/queues/wrappers';
import { eachRead, outputs } from '../../../src/n8n/each';
import { limit, limitOf, returnAll } from '../../../src/n8n/limit';
import { operation } from '../../../src/n8n/operation';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { requireServiceRole } from '../fields';
import { CUT } from './cut';

export const getQueues = operation<{ readonly most: number | undefined }>({
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many queues',
	description: 'List the queues of the project',
	parameters: [returnAll, limit, optionsOf(requestOptions)],
	compile(get) {
		requireServiceRole(get, 'Listing queues');
		return { most: limitOf(get) };
	},
	execute: eachRead(async ({ most }, send, run) => {
		const answer = await send(listQueues());
		const queues = listIn<IDataObject>(answer);
		if (keptBack(answer) > 0 && (most === undefined || most > queues.length)) run.hint(CUT);
		return outputs(queues.slice(0, most));
	}),
});
