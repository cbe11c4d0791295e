import { openEngine, type Engine } from '../workflow/engine';
import { authAccountCases } from './cases/authAccount';
import { authMfaCases } from './cases/authMfa';
import { authPkceCases } from './cases/authPkce';
import { authSessionCases } from './cases/authSession';
import { authUserCases } from './cases/authUser';
import { authAdminCases } from './cases/authAdmin';
import { authAdminKeptCases } from './cases/authAdminKept';
import { functionCallCases } from './cases/functionCall';
import { functionsInvokeCases } from './cases/functionsInvoke';
import { keyCases } from './cases/keys';
import { queueCases } from './cases/queues';
import { realtimeBroadcastCases } from './cases/realtimeBroadcast';
import { referenceCases } from './cases/reference';
import { rowFilterCases } from './cases/rowFilter';
import { rowInsertCases } from './cases/rowInsert';
import { rowModifierCases } from './cases/rowModifier';
import { rowSelectCases } from './cases/rowSelect';
import { rowWriteCases } from './cases/rowWrite';
import { storageBucketCases } from './cases/storageBuckets';
import { storageFileCases } from './cases/storageFiles';
import { storageResumableCases } from './cases/storageResumable';
import { storageUploadCases } from './cases/storageUploads';
import { differences } from './differences';
import { keepDifferences } from './kept';
import { officialClient } from './official';
import { sendOurs } from './ours';
import { paired } from './pkce';
import { startRecorder, type Recorder } from './recorder';

const cases = [
	...keyCases,
	...authAccountCases,
	...authMfaCases,
	...authPkceCases,
	...authSessionCases,
	...authUserCases,
	...authAdminCases,
	...authAdminKeptCases,
	...functionCallCases,
	...functionsInvokeCases,
	...queueCases,
	...realtimeBroadcastCases,
	...referenceCases,
	...rowFilterCases,
	...rowInsertCases,
	...rowModifierCases,
	...rowSelectCases,
	...rowWriteCases,
	...storageBucketCases,
	...storageFileCases,
	...storageResumableCases,
	...storageUploadCases,
];
const kept = keepDifferences(differences);
let compared = 0;
let engine: Engine;
let recorder: Recorder;

beforeAll(async () => {
	engine = await openEngine();
	recorder = await startRecorder();
});

afterAll(async () => {
	await recorder.close();
	await engine.close();
});

test.each(cases)('$name', async (wanted) => {
	recorder.take();
	recorder.answer(...(wanted.answers ?? []));
	await wanted.official(officialClient(recorder.url, wanted));
	const theirs = recorder.take();

	recorder.answer(...(wanted.answers ?? []));
	await sendOurs(engine, recorder.url, wanted);
	compared += 1;
	kept.expectSameRequests(paired(recorder.take()), paired(theirs), wanted);
});

test('every difference kept on purpose is still there', () => {
	// With a part of the cases run, nothing can be said.
	if (compared < cases.length) return;
	expect(kept.unused()).toEqual([]);
});

test('no two cases have the same name', () => {
	expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
});
