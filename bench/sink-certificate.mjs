import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a storage on the internet has: P-256, and a signature of the same. */
const REQUEST = [
	...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
	...["-subj", "/CN=sink", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"],
];

/**
 * A certificate for 127.0.0.1 that is trusted by whoever gets its file, made on the spot.
 *
 * @returns `{ key, cert }` as PEM, the `file` of the certificate, and `remove()`.
 */
export function makeCertificate() {
	const folder = mkdtempSync(join(tmpdir(), "zipferry-bench-tls-"));
	const [keyFile, file] = [join(folder, "key.pem"), join(folder, "cert.pem")];
	execFileSync("openssl", [...REQUEST, "-keyout", keyFile, "-out", file], { stdio: "ignore" });
	const [key, cert] = [keyFile, file].map((path) => readFileSync(path, "utf8"));
	return { key, cert, file, remove: () => rmSync(folder, { recursive: true }) };
}
