import type { SupabaseClient } from '@supabase/supabase-js';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { ApiRequest } from '../../src/api/request';
import type { Caller } from './official';
import type { Answer } from './recorder';

/** A node of the pack run on items in n8n's engine. */
export interface NodeRun {
	/** Its name in the pack; `supabaseDatabase` if not given. */
	readonly node?: string;
	readonly parameters: INodeParameters;
	/** A field of the output that is an address, which is then asked as the official client's is. */
	readonly follow?: string;
	/** A node that runs on what it puts out. */
	readonly then?: NodeRun;
	/** One empty item if not given. */
	readonly items?: readonly INodeExecutionData[];
}

/** The same thing asked of the official client and of us. */
export interface ContractCase extends Caller {
	readonly name: string;
	readonly official: (client: SupabaseClient) => PromiseLike<unknown>;
	/** A node, or the requests of a builder, where there is no node for it. */
	readonly ours: NodeRun | (() => readonly ApiRequest[]);
	/** What both are answered, one request after the other. */
	readonly answers?: readonly Answer[];
}
