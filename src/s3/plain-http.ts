/** Whether this process encrypts what it sends. */
export function isEncrypted(endpoint: string | undefined): boolean {
	return endpoint === undefined || new URL(endpoint).protocol === "https:";
}

/** Whether data leaves the machine unencrypted. */
export function isPlainHttp(endpoint: string | undefined): boolean {
	if (endpoint === undefined) return false;
	const { protocol, hostname } = new URL(endpoint);
	return protocol === "http:" && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
