import type { IDataObject } from 'n8n-workflow';

import type { ApiRequest } from '../../../src/api/request';
import { bodyOf } from '../../../src/api/content';
import type { Place } from '../../../src/api/storage/objects';
import { uploadResumable } from '../../../src/api/storage/resumableUpload';
import type { Body } from '../../../src/api/storage/upload';
import type { Job, Output, Run } from '../../../src/n8n/operation';
import { told } from '../fields';
import type { StoragePlan } from '../run';
import { opened, type ContentPlan } from './content';

/** What stores a file. */
export interface StorePlan extends StoragePlan, ContentPlan {
	readonly place: Place & { readonly original?: string };
	/** Replace what is there. */
	readonly upsert: boolean;
	/** Stands for the right to a signed upload. */
	readonly token?: string;
}

const EMPTY = 'A file of 0 bytes was stored. Is the field the right one?';

/**
 * Stores an item's file: with one request, or in parts where it is large.
 *
 * @param request builds the one request
 * @param inParts whether it may go in parts at all
 */
export async function storeFile(
	{ plan, send, sendAfterCancel, item }: Job<StorePlan>,
	run: Run,
	request: (body: Body) => ApiRequest,
	inParts = true,
): Promise<Output> {
	const { place, source, options, resumableAbove, upsert, token } = plan;
	const content = await opened(source, run);
	const { size } = content;
	if (size === 0) run.hint(EMPTY);
	const facts = { ...told(place), fullPath: `${place.bucket}/${place.key}`, size };
	if (inParts && size > 0 && size > resumableAbove) {
		const { addresses, signal } = run;
		const progress = progressLog(run, item, `${place.bucket}/${place.key}`);
		const context = { send, sendAfterCancel, address: addresses.storage, signal, progress };
		await uploadResumable(context, place, content, { ...options, upsert, token });
		return { json: { ...facts, resumable: true } };
	}
	const { body } = await send<IDataObject>(request({ body: bodyOf(content), size }));
	return { json: { ...(body.Id ? { id: body.Id } : {}), ...facts, resumable: false } };
}

/** Writes each tenth of the way into n8n's log. */
function progressLog(run: Run, item: number, name: string) {
	let tenths = 0;
	return (sent: number, size: number) => {
		const reached = Math.floor((sent / size) * 10);
		if (reached === tenths) return;
		tenths = reached;
		run.log(`Upload of ${name} (item ${item}): ${reached * 10} %, ${sent} of ${size} bytes`);
	};
}
