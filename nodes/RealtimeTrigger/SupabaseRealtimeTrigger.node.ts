import type {
	INodeProperties,
	INodeType,
	INodeTypeDescription,
	ITriggerFunctions,
	ITriggerResponse,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { CREDENTIAL } from '../../src/n8n/credential';
import { testProject } from '../../src/n8n/credentialTest';
import { tableListSearch } from '../../src/n8n/tableLists';
import { runTrigger } from '../../src/n8n/trigger/run';
import { USER_SESSION } from '../../src/n8n/userSession';
import { testUserSession } from '../../src/n8n/userSessionTest';
import { listenTo } from './listenTo';
import { options } from './options';
import { planOf } from './plan';
import { broadcasts, presences } from './rooms';
import { runAs } from './runAs';
import { startFrom, tables } from './tables';

const properties: INodeProperties[] = [
	...listenTo,
	tables,
	...startFrom,
	broadcasts,
	presences,
	options,
	runAs,
];

/** What is listened to, in words, with the first name of it. */
const subtitle =
	'={{ $parameter["listenTo"].map((kind) => ({ postgresChanges: "Changes", broadcast: "Broadcast", presence: "Presence" })[kind]).join(", ") + (($parameter["tables"]?.table ?? [])[0]?.table?.value && $parameter["listenTo"].includes("postgresChanges") ? ": " + $parameter["tables"].table.map((each) => each.table?.value).join(", ") : "") }}';

export class SupabaseRealtimeTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Supabase Realtime Trigger',
		name: 'supabaseRealtimeTrigger',
		icon: {
			light: 'file:../icons/supabase-realtime-trigger.svg',
			dark: 'file:../icons/supabase-realtime-trigger.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle,
		description:
			'Starts the workflow when a row changes, or when something happens in a Realtime channel of a Supabase project',
		eventTriggerDescription:
			'Waiting for a change or a message that fits the form. Make one now: insert, update or delete a row, or send a message.',
		activationMessage:
			'From now on changes and messages of your Supabase project start this workflow.',
		defaults: { name: 'Supabase Realtime Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: CREDENTIAL, required: true, testedBy: 'testProject' },
			{
				name: USER_SESSION,
				required: true,
				displayOptions: { show: { runAs: ['user'] } },
				testedBy: 'testUserSession',
			},
		],
		properties,
	};

	methods = {
		credentialTest: { testProject, testUserSession },
		listSearch: tableListSearch,
	};

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		return await runTrigger(this, properties, planOf);
	}
}
