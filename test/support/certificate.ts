import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A self-signed certificate and its key, made in a directory. */
export interface Certificate {
	readonly cert: Buffer;
	readonly key: Buffer;
	/** Path of the certificate, PEM. */
	readonly file: string;
}

/**
 * Makes a certificate that is its own authority.
 *
 * @param altName - Such as `IP:127.0.0.1` or `DNS:example.com`.
 * @param days - For which it is valid; one that is valid for -1 days has expired yesterday.
 */
export async function makeCertificate(directory: string, altName: string, days = 2): Promise<Certificate> {
	const name = `${altName.replace(/\W/g, "-")}-${days}`;
	const [file, keyFile] = [`${directory}/${name}.pem`, `${directory}/${name}.key`];
	const request = `${directory}/${name}.csr`;
	await run("openssl", [
		...["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", keyFile],
		...["-subj", "/CN=zipferry test", "-addext", `subjectAltName=${altName}`, "-out", request],
	]);
	await run("openssl", [
		...["x509", "-req", "-in", request, "-signkey", keyFile, "-days", String(days)],
		...["-copy_extensions", "copy", "-out", file],
	]);
	return { cert: await readFile(file), key: await readFile(keyFile), file };
}
