import type { INodeProperties } from 'n8n-workflow';

import { checkMessage } from '../../../src/api/realtime/broadcast';
import { InvalidRequestError } from '../../../src/api/errors';
import { checkName } from '../../../src/api/realtime/subscription';
import { operation } from '../../../src/n8n/operation';
import { requestOptions, requestOptionsOf } from '../../../src/n8n/requestOptions';
import { channelName, channelOf, isPrivate, objectIn } from '../fields';
import { carryOutBy, WAYS, type SendPlan } from './ways';

const event: INodeProperties = {
	displayName: 'Event',
	name: 'event',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. message',
	description: 'What kind of message it is: those who listen ask for it by this name',
};

const messageFrom: INodeProperties = {
	displayName: 'Message',
	name: 'messageFrom',
	type: 'options',
	options: [
		{ name: 'JSON', value: 'json', description: 'An object, such as the item itself' },
		{
			name: 'Binary File',
			value: 'binary',
			description: 'A file of the item, as bytes. Only newer clients get them.',
		},
	],
	default: 'json',
	description: 'What is sent',
};

const json: INodeProperties = {
	displayName: 'JSON',
	name: 'json',
	type: 'json',
	default: '={{ $json }}',
	displayOptions: { show: { messageFrom: ['json'] } },
	hint: 'An object. As it stands here, each item is sent whole.',
	description: 'The message, as JSON text or from an expression',
};

const binaryPropertyName: INodeProperties = {
	displayName: 'Input Binary Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	displayOptions: { show: { messageFrom: ['binary'] } },
	description: 'The field of the item that holds the file',
};

const sendBy: INodeProperties = {
	displayName: 'Send By',
	name: 'sendBy',
	type: 'options',
	noDataExpression: true,
	// The surest first.
	options: [
		{
			name: 'One Request per Message',
			value: 'request',
			description: 'Realtime answers for each message, also that there is no right to it',
		},
		{
			name: 'Batches',
			value: 'batch',
			description:
				'Up to 100 messages in a request. A private message without the right to it is dropped, and nobody is told.',
		},
		{
			name: 'Websocket',
			value: 'socket',
			description: 'One connection for all messages to a channel, each acknowledged',
		},
	],
	default: 'request',
	description: 'How the messages go to Realtime',
};

const options: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: requestOptions,
};

export const sendBroadcast = operation<SendPlan>({
	name: 'Send',
	value: 'send',
	action: 'Send a broadcast',
	description: 'Send a message to all who are in a channel',
	writes: ['message', 'sent'],
	rights: 'INSERT on realtime.messages, where realtime.topic() is the name of the channel',
	parameters: [
		channelName,
		isPrivate,
		event,
		messageFrom,
		json,
		binaryPropertyName,
		sendBy,
		options,
	],
	compile(get) {
		const way = get.oneOf('sendBy', WAYS) ?? 'request';
		const place = { ...channelOf(get), event: get.required('event') };
		checkName('event', place.event);
		const timeout = requestOptionsOf(get).timeout;
		const from = get.oneOf('messageFrom', ['json', 'binary'] as const) ?? 'json';
		if (from === 'json') {
			const object = objectIn(get.field('json'), 'JSON');
			checkMessage({ ...place, payload: object });
			return { way, timeout, place, payload: { object } };
		}
		if (way === 'batch') {
			throw new InvalidRequestError(
				'A file cannot be sent in a batch',
				'Choose One Request per Message or Websocket in Send By.',
			);
		}
		return { way, timeout, place, payload: { file: get.file('binaryPropertyName') } };
	},
	execute: carryOutBy,
});
