/** The browser tests, apart from `npm test`: they need n8n itself (2.2 GB) and a Chromium. */
module.exports = {
	testMatch: ['<rootDir>/*.test.ts'],
	transform: {
		'\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
	},
	testTimeout: 240_000,
	// One n8n, one database: the tests would see each other's rows.
	maxWorkers: 1,
};
