import { call } from '../../../../src/api/database/call';

const f = { schema: 'public', name: 'f' };

it('sends bytes as they are, for a function of one unnamed bytea argument', () => {
	const bytes = Buffer.from([0, 255, 10]);
	const request = call(f, bytes, { argumentType: 'binary' });
	expect(request).toMatchObject({ method: 'POST', path: ['rpc', 'f'], body: bytes });
	expect(request.headers?.['content-type']).toBe('application/octet-stream');
});

it('asks for GeoJSON, and reads it as JSON', () => {
	const request = call(f, {}, { format: 'geojson' });
	expect(request.headers?.accept).toBe('application/geo+json');
	expect(request.expect).toBe('json');
});
