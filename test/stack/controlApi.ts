import type { IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';

import type { Fault, FaultBox } from './faults';
import { sendJson, type ControlHandler, type Gateway } from './gateway';
import type { Mail } from './lite';
import type { StorageSettings } from './storage/call';

export interface ControlledStack {
	gateway(): Gateway;
	faults: FaultBox;
	getMaxRows(): number;
	setMaxRows(maxRows: number): void;
	reloadSchema(): Promise<void>;
	mails(): Mail[];
	storage: StorageSettings;
}

/**
 * What tests in another process need to see and to provoke:
 *
 * - `GET`/`DELETE /__control/requests`: what came in since the last `DELETE`
 * - `POST`/`DELETE /__control/faults`: what shall go wrong with the next requests
 * - `POST /__control/maxRows` `{maxRows}`: the server's row cap
 * - `POST /__control/reload`: look at the schema again, now
 * - `GET /__control/mails`: mails that auth sent
 * - `GET`/`POST /__control/storage`: limits and ways of the storage service
 */
export function controlApi(stack: ControlledStack): ControlHandler {
	const handlers: Record<string, (request: IncomingMessage) => unknown> = {
		'GET requests': () => stack.gateway().requests.list(),
		'DELETE requests': () => stack.gateway().requests.clear(),
		'GET faults': () => stack.faults.list(),
		'POST faults': async (request) => {
			const faults = (await json(request)) as Fault | Fault[];
			for (const fault of [faults].flat()) stack.faults.add(fault);
		},
		'DELETE faults': () => stack.faults.clear(),
		'GET maxRows': () => ({ maxRows: stack.getMaxRows() }),
		'POST maxRows': async (request) =>
			stack.setMaxRows(((await json(request)) as { maxRows: number }).maxRows),
		'POST reload': async () => await stack.reloadSchema(),
		'GET mails': () => stack.mails(),
		'GET storage': () => stack.storage,
		'POST storage': async (request) => {
			Object.assign(stack.storage, await json(request));
		},
	};
	return async (request, response, url) => {
		const handler = handlers[`${request.method} ${url.pathname.slice('/__control/'.length)}`];
		if (!handler) sendJson(response, 404, { message: 'No such control' });
		else sendJson(response, 200, (await handler(request)) ?? null);
		return true;
	};
}
