import type { INodeProperties } from 'n8n-workflow';

/** What is sent along; a call with GET sends nothing. */
export const BODIES = ['json', 'fields', 'form', 'multipart', 'text', 'binary', 'none'] as const;

const notWithGet = { hide: { method: ['GET'] } };
const only = (body: (typeof BODIES)[number]) => ({ show: { body: [body] }, ...notWithGet });

const nameAndValue: INodeProperties[] = [
	{ displayName: 'Name', name: 'name', type: 'string', default: '' },
	{ displayName: 'Value', name: 'value', type: 'string', default: '' },
];

/** The parameters that say what is sent along. */
export const bodyParameters: INodeProperties[] = [
	{
		displayName: 'Body',
		name: 'body',
		type: 'options',
		displayOptions: notWithGet,
		// By how often they are wanted.
		// eslint-disable-next-line n8n-nodes-base/node-param-options-type-unsorted-items
		options: [
			{ name: 'JSON', value: 'json', description: 'Anything, written as JSON' },
			{ name: 'Fields', value: 'fields', description: 'An object made of fields, sent as JSON' },
			{ name: 'Form', value: 'form', description: 'Names and values, as a web page sends them' },
			{
				name: 'Form with Files',
				value: 'multipart',
				description: 'Texts and files of the item, as a web page uploads them',
			},
			{ name: 'Text', value: 'text' },
			{ name: 'Binary File', value: 'binary', description: 'A file of the item, as it is' },
			{ name: 'None', value: 'none', description: 'Nothing but the address' },
		],
		default: 'json',
		description: 'What is sent to the function',
	},
	{
		displayName: 'JSON',
		name: 'json',
		type: 'json',
		default: '{}',
		displayOptions: only('json'),
		description: 'What is sent, as JSON text or from an expression',
	},
	{
		displayName: 'Fields',
		name: 'fields',
		type: 'assignmentCollection',
		default: {},
		displayOptions: only('fields'),
		description: 'The members of the object that is sent, each with its type',
	},
	{
		displayName: 'Form Fields',
		name: 'form',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Field',
		default: {},
		displayOptions: only('form'),
		description: 'The names and values of the form. A name may come several times.',
		options: [{ displayName: 'Field', name: 'field', values: nameAndValue }],
	},
	{
		displayName: 'Form Parts',
		name: 'parts',
		type: 'fixedCollection',
		typeOptions: { multipleValues: true },
		placeholder: 'Add Part',
		default: {},
		displayOptions: only('multipart'),
		description: 'The texts and files of the form. A name may come several times.',
		options: [
			{ displayName: 'Text', name: 'text', values: nameAndValue },
			{
				displayName: 'File',
				name: 'file',
				values: [
					{ displayName: 'Name', name: 'name', type: 'string', default: 'file' },
					{
						displayName: 'Input Binary Field',
						name: 'binaryPropertyName',
						type: 'string',
						default: 'data',
						hint: 'The name of the input field containing the file',
					},
				],
			},
		],
	},
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 4 },
		default: '',
		displayOptions: only('text'),
		description: 'What is sent, in UTF-8',
	},
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		displayOptions: only('binary'),
		hint: 'The name of the input field containing the file',
		description: 'The name of the field of the item that holds the file to send',
	},
];

/** A member of Options. */
export const contentType: INodeProperties = {
	displayName: 'Content Type',
	name: 'contentType',
	type: 'string',
	default: '',
	placeholder: 'e.g. application/xml',
	displayOptions: { hide: { '/body': ['none', 'multipart'], '/method': ['GET'] } },
	description: 'The MIME type of what is sent. Without it, the usual one for the body.',
};
