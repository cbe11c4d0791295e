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
import { queueListSearch } from '../Queues/lists';
import { files, messageQueues, users } from './captured';
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
	...users,
	...files,
	messageQueues,
	broadcasts,
	presences,
	options,
	runAs,
];

/** What is listened to, in words, with the first name of it. */
const subtitle =
	'={{ $parameter["listenTo"].map((kind) => ({ postgresChanges: "Changes", users: "Users", files: "Files", queueMessages: "Queue Messages", broadcast: "Broadcast", presence: "Presence" })[kind]).join(", ") + (($parameter["tables"]?.table ?? [])[0]?.table?.value && $parameter["listenTo"].includes("postgresChanges") ? ": " + $parameter["tables"].table.map((each) => each.table?.value).join(", ") : "") }}';

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
			'Starts the workflow when a row changes, a user signs up, a file is stored, or a message comes through a queue or a Realtime channel of a Supabase project',
		eventTriggerDescription:
			'Waiting for an event that fits the form. Make one now: change a row, sign up a user, store a file, or send a message.',
		activationMessage: 'From now on events of your Supabase project start this workflow.',
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
		listSearch: { ...tableListSearch, ...queueListSearch },
	};

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		return await runTrigger(this, properties, planOf);
	}
}
