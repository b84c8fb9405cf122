import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import type { ContractServer } from "./servers.ts";

type Signed = Pick<ContractServer, "region" | "credentials">;

/** The SDK's signer, for requests that the SDK's client would not send. */
export function createSigner({ region, credentials }: Signed): SignatureV4 {
	return new SignatureV4({ credentials, region, service: "s3", sha256: Sha256, uriEscapePath: false });
}

/** The shape of hash that the signer asks for. */
class Sha256 {
	readonly #hash;

	constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
		// A key that is no text is the output of another HMAC, a Uint8Array.
		this.#hash =
			secret === undefined ? createHash("sha256") : createHmac("sha256", secret as string | Uint8Array);
	}

	update(data: Uint8Array): void {
		this.#hash.update(data);
	}

	digest(): Promise<Uint8Array> {
		return Promise.resolve(this.#hash.digest());
	}

	reset(): void {
		throw new Error("a hash of node:crypto cannot start over");
	}
}
