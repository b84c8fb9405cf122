import { readFile } from "node:fs/promises";
import { InvalidOptionError, messageOf } from "../../errors.ts";
import { configuredAuthorities } from "./configured.ts";

/**
 * The authorities to trust: those of the file that was named, or of `AWS_CA_BUNDLE` or the profile, besides those
 * that Node trusts anyway. Naming one must not distrust all others.
 *
 * @returns `undefined` if none was named: Node knows its own, `NODE_EXTRA_CA_CERTS` among them.
 * @throws {InvalidOptionError} if the file cannot be read, or has no certificate in it.
 */
export async function findAuthorities(
	named: string | undefined,
	profile: string | undefined,
): Promise<string[] | undefined> {
	const file = named ?? (await configuredAuthorities(profile));
	if (file === undefined) return undefined;
	const from = named === undefined ? ", which AWS_CA_BUNDLE or the profile names" : "";
	const authorities = await readFile(file, "utf8").catch((cause: unknown) => {
		const message = `cannot read the certificates in ${file}${from}: ${messageOf(cause)}`;
		throw new InvalidOptionError(message, { cause });
	});
	// TLS would pass over it, and then distrust the server.
	if (!authorities.includes("-----BEGIN CERTIFICATE-----"))
		throw new InvalidOptionError(`there is no certificate in ${file}${from}; it has to be PEM`);
	return [...(await usualAuthorities()), authorities];
}

/** What Node trusts if it is told nothing: a list of one's own takes its place. */
async function usualAuthorities(): Promise<readonly string[]> {
	const tls: typeof import("node:tls") & { getCACertificates?(type: "default"): string[] } = await import(
		"node:tls"
	); // takes time to put together
	if (tls.getCACertificates !== undefined) return tls.getCACertificates("default");
	// Node 20 does not tell; what it cannot read it has complained of itself.
	const { NODE_EXTRA_CA_CERTS: extra } = process.env;
	const added = extra ? await readFile(extra, "utf8").catch(() => undefined) : undefined;
	return added === undefined ? tls.rootCertificates : [...tls.rootCertificates, added];
}
