import { json } from 'node:stream/consumers';

import type { Fault, FaultBox } from './faults';
import { sendJson, type ControlHandler } from './gateway';
import type { RequestLog } from './requestLog';
import type { Controls } from './service';

/**
 * What tests in another process need to see and to provoke, beside the services' own controls:
 *
 * - `GET`/`DELETE /__control/requests`: what came in since the last `DELETE`
 * - `POST`/`DELETE /__control/faults`: what shall go wrong with the next requests
 */
export function controlApi(
	requests: RequestLog,
	faults: FaultBox,
	ofServices: Controls,
): ControlHandler {
	const controls: Controls = {
		...ofServices,
		'GET requests': () => requests.list(),
		'DELETE requests': () => requests.clear(),
		'GET faults': () => faults.list(),
		'POST faults': async (request) => {
			for (const fault of [(await json(request)) as Fault | Fault[]].flat()) faults.add(fault);
		},
		'DELETE faults': () => faults.clear(),
	};
	return async (request, response, url) => {
		const control = controls[`${request.method} ${url.pathname.slice('/__control/'.length)}`];
		if (!control) sendJson(response, 404, { message: 'No such control' });
		else sendJson(response, 200, (await control(request)) ?? null);
		return true;
	};
}
