import type { Filter } from '../../api/database/filters';
import type { Start } from '../../api/realtime/catchUp/state';
import type { Room } from '../../api/realtime/rooms';
import type { RunAs } from '../runAs';

/** A table as the form names it. */
export interface ListenedTable {
	readonly schema: string;
	readonly name: string;
	readonly events: ReadonlyArray<'insert' | 'update' | 'delete'>;
	/** All have to be met. */
	readonly filters: readonly Filter[];
	/** All unless given. */
	readonly columns?: readonly string[];
	/** The primary key unless given. */
	readonly key?: readonly string[];
	/** With Catch Up alone. */
	readonly cursor?: string;
}

/** What a trigger does, as its form says. */
export interface TriggerPlan {
	readonly tables: readonly ListenedTable[];
	/** Each of another name, or one public and one private. */
	readonly rooms: readonly Room[];
	readonly start: Start;
	/** An activation by hand forgets what was kept. */
	readonly startAnew: boolean;
	readonly rowsPerSweep?: number;
	/** So many events an execution, each waiting for others so long (milliseconds) at most. */
	readonly batch?: { readonly events: number; readonly wait: number };
	readonly oneAtATime: boolean;
	readonly fullMessage: boolean;
	readonly exactNumbers: boolean;
	/** How long a test waits for an event, in milliseconds. */
	readonly testWait: number;
	readonly runAs: RunAs;
}
