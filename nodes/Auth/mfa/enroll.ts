import { Readable } from 'node:stream';

import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { phoneNumber } from '../../../src/api/auth/contact';
import { enroll as builder, readEnrolled, type NewFactor } from '../../../src/api/auth/factors';
import { operation } from '../../../src/n8n/operation';
import type { ItemParameters } from '../../../src/n8n/parameters';
import { optionsOf, requestOptions } from '../../../src/n8n/requestOptions';
import { asUser, eachByAccount, userOf, userParameters } from '../as';
import { chosenBy, phone } from '../fields';

const factorType: INodeProperties = {
	displayName: 'Factor Type',
	name: 'factorType',
	type: 'options',
	options: [
		{
			name: 'Authenticator App (TOTP)',
			value: 'totp',
			description: 'An app that shows a new code every 30 seconds',
		},
		{ name: 'Phone', value: 'phone', description: 'Codes by SMS or WhatsApp' },
	],
	default: 'totp',
};

const friendlyName: INodeProperties = {
	displayName: 'Friendly Name',
	name: 'friendlyName',
	type: 'string',
	default: '',
	placeholder: 'e.g. My telephone',
	hint: 'Each factor of a user needs another name; only one may be without',
	description: 'By what the user knows the factor',
};

const factorPhone: INodeProperties = {
	...chosenBy(phone, { factorType: ['phone'] }),
	description: 'The telephone number that codes are sent to',
};

const qrCodeField: INodeProperties = {
	displayName: 'Put QR Code in Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	displayOptions: { show: { factorType: ['totp'] } },
	hint: 'The name of the output field that holds the picture (SVG), for the user to scan with their app',
};

const issuer: INodeProperties = {
	displayName: 'Issuer',
	name: 'issuer',
	type: 'string',
	default: '',
	displayOptions: { show: { '/factorType': ['totp'] } },
	description: "The name that the app shows. Without it, the host of the project's Site URL.",
};

interface Plan {
	readonly account: string;
	readonly factor: NewFactor;
	readonly field: string;
}

export const enrollFactor = operation<Plan>({
	name: 'Enroll',
	value: 'enroll',
	action: 'Enroll a factor',
	description: 'Add a second factor to a user; it counts once a code of it is verified',
	writes: ['factor', 'enrolled'],
	authority: asUser,
	parameters: [
		...userParameters,
		factorType,
		factorPhone,
		friendlyName,
		qrCodeField,
		optionsOf([issuer, ...requestOptions]),
	],
	compile: (get) => ({ account: userOf(get), ...factorOf(get) }),
	execute: eachByAccount(async ({ plan, send }, { files }) => {
		const { factor, qrCode } = readEnrolled((await send(builder(plan.factor))).body);
		const json = factor as IDataObject;
		if (qrCode === undefined) return { json };
		const picture = Readable.from([Buffer.from(qrCode)]);
		const file = await files.store(picture, 'qr-code.svg', 'image/svg+xml');
		return { json, binary: { [plan.field]: file } };
	}),
});

function factorOf(get: ItemParameters): Pick<Plan, 'factor' | 'field'> {
	const friendly_name = get.text('friendlyName') || undefined;
	if (get.oneOf('factorType', ['totp', 'phone']) === 'phone') {
		const number = phoneNumber(get.text('phone'));
		return { factor: { factor_type: 'phone', friendly_name, phone: number }, field: '' };
	}
	const asked = get.option('issuer');
	return {
		factor: {
			factor_type: 'totp',
			friendly_name,
			issuer: asked.given ? asked.required() : undefined,
		},
		field: get.required('binaryPropertyName'),
	};
}
