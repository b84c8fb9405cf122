import { readFile } from "node:fs/promises";
import { InvalidOptionError, messageOf } from "../../errors.ts";

/** The well-known authorities and the given ones: naming one must not distrust all others. */
export async function readAuthorities(file: string): Promise<string[]> {
	const authorities = await readFile(file, "utf8").catch((cause: unknown) => {
		throw new InvalidOptionError(`cannot read the certificates in ${file}: ${messageOf(cause)}`, { cause });
	});
	// TLS would pass over it, and then distrust the server.
	if (!authorities.includes("-----BEGIN CERTIFICATE-----"))
		throw new InvalidOptionError(`there is no certificate in ${file}; it has to be PEM`);
	const { rootCertificates } = await import("node:tls"); // takes time to put together
	return [...rootCertificates, authorities];
}
