/** Tests, demo and start speak to servers on this machine, never through the person's proxy. */
for (const name of ['NO_PROXY', 'no_proxy']) {
	const hosts = [process.env[name], '127.0.0.1', 'localhost'].filter(Boolean);
	process.env[name] = [...new Set(hosts.join(',').split(','))].join(',');
}
