import type { Filter } from '../../api/database/filters';
import type { Row } from '../../api/database/table';
import type { DurablePlan } from '../../api/queues/plan';
import type { Start } from '../../api/realtime/catchUp/state';
import type { Room } from '../../api/realtime/rooms';
import type { RunAs } from '../runAs';
import type { Wanted } from './captured';
import type { Acknowledge } from './outcomes';

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
	/** The values of a row by which an activation proves that changes come. */
	readonly canary?: Row;
}

/** What comes through queues, and what becomes of it. */
export interface DurableDelivery {
	/** What is captured to a queue of the trigger's own, and which of its events are wanted. */
	readonly captured?: { readonly plan: DurablePlan; readonly wanted: Wanted };
	/** Queues that are there already. */
	readonly queues: readonly string[];
	readonly acknowledge: Acknowledge;
	/** Failed attempts until a message is parked. */
	readonly attempts?: number;
	/** How long an execution may take, in milliseconds; as long as the workflow may unless given. */
	readonly timeLimit?: number;
	/** Messages a claim, and for how many seconds it holds. */
	readonly size?: number;
	readonly visibility?: number;
	/** How often to look where no bell is heard, in milliseconds. */
	readonly poll?: number;
}

/** What a trigger does, as its form says. */
export interface TriggerPlan {
	readonly tables: readonly ListenedTable[];
	/** Each of another name, or one public and one private. */
	readonly rooms: readonly Room[];
	readonly durable?: DurableDelivery;
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
