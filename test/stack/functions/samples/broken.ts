/** Does not start. */
throw new Error('Nothing can be served');
