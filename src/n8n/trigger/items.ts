import type { IDataObject, INodeExecutionData, ITriggerFunctions } from 'n8n-workflow';

import type { Row } from '../../api/database/table';
import type { FeedEvent } from '../../api/realtime/catchUp/watch';
import type { Happening } from '../../api/realtime/listening';
import type { RoomEvent } from '../../api/realtime/rooms';

type Helpers = Pick<ITriggerFunctions['helpers'], 'prepareBinaryData'>;

/**
 * What happened as an item. It says little unless `full`.
 *
 * @param helpers by which n8n stores what was sent as bytes
 */
export async function itemOf(
	happened: Happening,
	full: boolean,
	helpers: Helpers,
): Promise<INodeExecutionData> {
	switch (happened.kind) {
		case 'postgres_changes':
			return { json: changeOf(happened.change, full) };
		case 'broadcast':
			return await broadcastOf(happened, helpers);
		case 'presence':
			return { json: presenceOf(happened) };
	}
}

function changeOf(change: FeedEvent, full: boolean): IDataObject {
	const { event, schema, table, commitTimestamp, record, oldRecord, key, origin } = change;
	const { repaired, incomplete, rounded, errors, bindings } = change;
	return given({
		kind: 'postgres_changes',
		event,
		schema,
		table,
		commit_timestamp: commitTimestamp,
		record,
		old_record: oldRecord,
		key: key && asShown(key, record ?? oldRecord),
		origin,
		repaired,
		incomplete,
		rounded,
		...(full && { errors, bindings }),
	});
}

/** The key tells rows apart as text; a person wants its values as the row has them. */
function asShown(key: Row, row: Row = {}): Row {
	return Object.fromEntries(
		Object.entries(key).map(([column, value]) => [column, row[column] ?? value]),
	);
}

async function broadcastOf(
	{ room, event, payload, id, replayed, rounded }: RoomEvent & { kind: 'broadcast' },
	helpers: Helpers,
): Promise<INodeExecutionData> {
	const about = { kind: 'broadcast', channel: room.name, event, id };
	const marks = { replayed: replayed || undefined, rounded };
	if (!ArrayBuffer.isView(payload)) return { json: given({ ...about, payload, ...marks }) };
	return {
		json: given({ ...about, ...marks }),
		binary: { data: await helpers.prepareBinaryData(Buffer.from(payload as Uint8Array), event) },
	};
}

function presenceOf(event: RoomEvent & { kind: 'presence' }): IDataObject {
	const { room, kind, ...about } = event;
	return given({ kind, channel: room.name, ...about });
}

/** Without what is not known. */
function given(members: Readonly<Record<string, unknown>>): IDataObject {
	return Object.fromEntries(
		Object.entries(members).filter(([, value]) => value !== undefined),
	) as IDataObject;
}
