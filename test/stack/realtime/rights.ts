import type { Hub } from './hub';
import type { Claims } from './tokens';

type Extension = 'broadcast' | 'presence';

/** What the policies of `realtime.messages` let somebody do in a private room. */
export interface Rights {
	read: Extension[];
	write: Extension[];
}

/** @throws the database's error; code 23514 where there is no partition for today */
export async function rightsOf(hub: Hub, claims: Claims, topic: string): Promise<Rights> {
	const [row] = await hub.sql<[{ rights: Rights }]>`
		select realtime.rights(${JSON.stringify(claims)}::text::jsonb, ${topic}, '{broadcast,presence}') as rights`;
	return row.rights;
}
