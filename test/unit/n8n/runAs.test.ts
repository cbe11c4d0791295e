import { authorityOf } from '../../../src/n8n/runAs';
import { parameterReader } from '../../../src/n8n/parameters';
import { thrownBy } from '../thrown';
import { fakeNode } from './node';

const authority = (parameters: Record<string, unknown>) =>
	authorityOf(parameterReader(fakeNode(parameters).node, [])(0));

it.each([
	[{ runAs: 'serviceRole', accessToken: 'left over' }, { role: 'service_role' }],
	[{ runAs: 'anonymous', accessToken: 'left over' }, { role: 'anon' }],
	[
		{ runAs: 'user', accessToken: 'a.b.c' },
		{ role: 'user', accessToken: 'a.b.c' },
	],
	[{ runAs: 'user' }, { role: 'user', accessToken: '' }],
	[
		{ runAs: 'user', userFrom: 'accessToken', accessToken: 'a.b.c' },
		{ role: 'user', accessToken: 'a.b.c' },
	],
	[{ runAs: 'user', userFrom: 'userSession', accessToken: 'left over' }, { role: 'userSession' }],
	[{ runAs: 'anonymous', userFrom: 'userSession' }, { role: 'anon' }],
])('%j', (parameters, expected) => expect(authority(parameters)).toEqual(expected));

it.each(['admin', 'service_role', 'User', 'noKey'])('%s is none', (runAs) => {
	expect(thrownBy(() => authority({ runAs }))).toMatchObject({
		name: 'InvalidRequestError',
		message: 'runAs is not one of serviceRole, anonymous, user',
	});
});

it.each([undefined, null, '', [], {}])('an expression that gives %j is nobody', (nobody) => {
	const { node } = fakeNode({ runAs: '=whom' }, [{ whom: nobody }]);
	expect(thrownBy(() => authorityOf(parameterReader(node, [])(0))).message).toBe(
		'runAs is not one of serviceRole, anonymous, user',
	);
});

it('without a choice it is nobody', () => {
	expect(thrownBy(() => authority({})).message).toBe('Run As is empty');
});

it('No Key is a choice where requests may go without one', () => {
	const get = parameterReader(fakeNode({ runAs: 'noKey', accessToken: 'left over' }).node, [])(0);
	expect(authorityOf(get, true)).toEqual({ role: 'none' });
});

it.each([null, '', 'session', 'User Session', [], {}])('User From %j is nobody', (from) => {
	const { node } = fakeNode({ runAs: 'user', userFrom: '=from', accessToken: 'a.b.c' }, [{ from }]);
	expect(thrownBy(() => authorityOf(parameterReader(node, [])(0))).message).toBe(
		'userFrom is not one of accessToken, userSession',
	);
});
