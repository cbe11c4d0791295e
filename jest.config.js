const shared = {
	// Keeps Jest from crawling a real n8n, which "npm start" installs below the root.
	roots: ['<rootDir>/src', '<rootDir>/test'],
	transform: {
		'\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
	},
};

const kinds = (...names) => names.map((name) => `<rootDir>/test/${name}/**/*.test.ts`);

module.exports = {
	testTimeout: 30_000,
	projects: [
		{ ...shared, displayName: 'alone', testMatch: kinds('unit', 'contract') },
		{
			...shared,
			displayName: 'stack',
			testMatch: kinds('stack', 'integration', 'workflow'),
			globalSetup: '<rootDir>/test/stack/jest-setup.ts',
			globalTeardown: '<rootDir>/test/stack/jest-teardown.ts',
		},
	],
};
