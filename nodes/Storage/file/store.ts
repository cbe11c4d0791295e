import type { IDataObject } from 'n8n-workflow';

import { bodyOf } from '../../../src/api/content';
import type { ApiRequest } from '../../../src/api/request';
import { uploadResumable } from '../../../src/api/storage/resumableUpload';
import type { Body } from '../../../src/api/storage/upload';
import { eachItem } from '../../../src/n8n/each';
import type { Job, Operation, Output, Run } from '../../../src/n8n/operation';
import { spot, told, type NamedPlace } from '../places';
import { explaining, type About, type Mends } from '../refusals';
import { opened, type ContentPlan } from './content';

/** How many files are on their way at once: each may take a part of 6 MiB of memory. */
export const FILES = 4;

/** What stores a file. */
export interface StorePlan extends ContentPlan {
	readonly about: About;
	readonly place: NamedPlace;
	/** Replace what is there. */
	readonly upsert: boolean;
	/** Stands for the right to a signed upload. */
	readonly token?: string;
}

/** How a plan's file is sent. */
export interface Sending<Plan> {
	/** The one request that stores it. */
	readonly request: (plan: Plan, body: Body) => ApiRequest;
	/** Whether it may go in parts at all; it may unless told otherwise. */
	readonly inParts?: (plan: Plan) => boolean;
}

/** An operation's `execute` that stores one file for each item. */
export function storing<Plan extends StorePlan>(
	mends: Mends,
	sending: Sending<Plan>,
): Operation<Plan>['execute'] {
	return eachItem<Plan>(
		explaining<Plan, Output>(mends, async (job, run) => await storeFile(job, run, sending)),
		{ width: FILES, targetsOf: ({ plan: { place } }) => [spot(place)] },
	);
}

const EMPTY = 'A file of 0 bytes was stored. Is the field the right one?';

async function storeFile<Plan extends StorePlan>(
	{ plan, send, sendAfterCancel, item }: Job<Plan>,
	run: Run,
	{ request, inParts = () => true }: Sending<Plan>,
): Promise<Output> {
	const { place, source, options, resumableAbove, upsert, token } = plan;
	const content = await opened(source, run);
	const { size } = content;
	if (size === 0) run.hint(EMPTY);
	const facts = { ...told(place), fullPath: spot(place), size };
	if (inParts(plan) && size > 0 && size > resumableAbove) {
		const { addresses, signal } = run;
		const progress = progressLog(run, item, spot(place));
		const context = { send, sendAfterCancel, address: addresses.storage, signal, progress };
		await uploadResumable(context, place, content, { ...options, upsert, token });
		return { json: { ...facts, resumable: true } };
	}
	const body = { body: bodyOf(content), size };
	const { body: answer } = await send<IDataObject>(request(plan, body));
	return { json: { ...(answer.Id ? { id: answer.Id } : {}), ...facts, resumable: false } };
}

/** Writes each tenth of the way into n8n's log. */
function progressLog(run: Run, item: number, name: string) {
	let tenths = 0;
	return (sent: number, size: number) => {
		const reached = Math.floor((sent / size) * 10);
		if (reached === tenths) return;
		tenths = reached;
		run.log(`Upload of ${name} (item ${item + 1}): ${reached * 10} %, ${sent} of ${size} bytes`);
	};
}
