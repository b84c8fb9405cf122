import { createHash } from "node:crypto";
import {
	GetObjectCommand,
	UploadPartCopyCommand,
	type UploadPartCopyCommandInput,
	type UploadPartCopyCommandOutput,
} from "@aws-sdk/client-s3";
import type { Advice } from "../advice/advice.ts";
import { crc32 } from "../bytes/crc32.ts";
import { formatNumber, MiB } from "../bytes/units.ts";
import { withoutChecksums } from "../s3/client/without-checksums.ts";
import { encodeCrc32, unquote } from "../s3/object-proof.ts";
import type { Provider } from "../s3/providers.ts";
import { copyHeaders } from "../storage/parts/object-range.ts";
import { type Check, type DoctorContext, type Finding, fail, pass, warn } from "./finding.ts";
import { FIRST, LAST } from "./multipart-operations.ts";
import { notTried, permissionCheck } from "./permissions.ts";
import { REFUSABLE } from "./refusal.ts";
import type { TrialPart } from "./trial.ts";

// Archives can be made of parts that are in the bucket already. What the other checks have left is copied from: its bytes are known.

/** A range, from `start` up to and without `end`. */
interface Piece {
	readonly start: number;
	readonly end: number;
}

const SOURCE: Uint8Array = Buffer.concat([FIRST, LAST]);
/** Over where the parts of the source meet. */
const SHORT: Piece = { start: 512, end: 5 * MiB + 512 };
const LONG: Piece = { start: 1, end: SOURCE.byteLength };
/** Bytes that are compared on each side of where two parts meet. */
const SEAM_SIZE = 64;
const NOTHING_COPIED = "archives are made anew and sent as a whole, whatever is in the bucket already";

export const copyCheck: Check = permissionCheck({
	operation: "UploadPartCopy",
	action: "s3:GetObject",
	otherwise: NOTHING_COPIED,
	async run(context) {
		const { trial } = context;
		if (trial.parts.length === 0 || trial.uploadId !== undefined) return notTried("CompleteMultipartUpload");
		const plain = withoutChecksums(context.connection);
		const uploadId = await trial.createUpload(plain);
		const [short, long] = [await copy(context, uploadId, 1, SHORT), await copy(context, uploadId, 2, LONG)];
		const own = await trial.sendPart(uploadId, 3, LAST, plain);
		context.copied = { uploadId, parts: [partOf(1, short), partOf(2, long), own] };
		const etags = [short, long].map(({ CopyPartResult }) => unquote(CopyPartResult?.ETag));
		const md5s = [SHORT, LONG].map((piece) => createHash("md5").update(bytesOf(piece)).digest("hex"));
		return etags.join() === md5s.join() ? "allowed; the ETag is the MD5 of the range" : "allowed";
	},
});

/** Whoever copies wants the state of the source that was looked at, and no other. */
export const copyConditionCheck: Check = {
	name: "copy condition",
	writes: true,
	async run(context) {
		const { trial, copied } = context;
		if (copied === undefined) return notTried("UploadPartCopy");
		const CopySourceIfMatch = `"${"0".repeat(32)}"`;
		// The same part once more, if it is ignored.
		const copying = copy(context, copied.uploadId, 1, SHORT, { CopySourceIfMatch });
		const refusal = await trial.refusal(copying);
		if (refusal?.status === 412)
			return pass("what has changed meanwhile is not copied", { copyConditions: "heeded" });
		if (refusal === undefined)
			return pass("ignored; sources are looked at once more when all is copied", {
				copyConditions: "ignored",
			});
		return warn(`refused: ${refusal.code}`, undefined, { copyConditions: "refused" });
	},
};

/** versitygw gives the CRC-32 of the whole source for a range; who trusts it makes an archive that is damaged by its own account. */
export const copyChecksumCheck: Check = {
	name: "copy checksum",
	writes: true,
	async run(context) {
		const { trial, connection, copied } = context;
		if (copied === undefined) return notTried("UploadPartCopy");
		const { provider } = connection;
		let told: string | undefined;
		const asking = async () => {
			const uploadId = await trial.createUpload({
				...connection,
				provider: { ...provider, checksums: true },
			});
			told = (await copy(context, uploadId, 1, SHORT)).CopyPartResult?.ChecksumCRC32;
		};
		const refusal = await trial.refusal(asking());
		if (refusal !== undefined || told === undefined) {
			const how = refusal === undefined ? "none is told" : `none: ${refusal.code}`;
			return judgeChecksum(context, "none", `${how}; what is copied is proven by size and content`);
		}
		if (told === encodeCrc32(crc32(bytesOf(SHORT))))
			return judgeChecksum(context, "range", "the CRC-32 of the range");
		return told === encodeCrc32(crc32(SOURCE))
			? judgeChecksum(context, "source", "the CRC-32 of the whole source, for a range of it too")
			: judgeChecksum(context, "other", `the CRC-32 ${told} for a range that has another one`);
	},
};

function judgeChecksum(
	{ connection: { provider } }: DoctorContext,
	copyChecksums: "range" | "none" | "source" | "other",
	message: string,
): Finding {
	const facts = { copyChecksums };
	if (provider.copyChecksums === "range" && copyChecksums !== "range") return fail(message, NOT_AWS, facts);
	if (copyChecksums === "range" || copyChecksums === "none") return pass(message, facts);
	return warn(message, `not used with provider ${provider.name}`, facts);
}

const NOT_AWS: Advice = {
	kind: "set-option",
	option: "provider",
	value: "generic",
	purpose: "as this storage does not copy as others do",
};

/** Has the object made, and looks at its bytes. */
export const copiedSizesCheck: Check = {
	name: "copied part sizes",
	writes: true,
	async run(context) {
		const { trial, copied, connection } = context;
		if (copied === undefined) return notTried("UploadPartCopy");
		const { provider } = connection;
		context.copied = undefined;
		const refusal = await trial.refusal(trial.complete(copied.uploadId, copied.parts));
		if (refusal === undefined) {
			const whole = Buffer.concat([bytesOf(SHORT), bytesOf(LONG), LAST]);
			const seams = [0, bytesOf(SHORT).byteLength, whole.byteLength - LAST.byteLength, whole.byteLength];
			return (
				(await differenceOf(context, whole, seams)) ??
				pass("any; what was copied is what was asked for", { copies: true, unequalParts: true })
			);
		}
		// Maybe only because of their sizes.
		const plain = withoutChecksums(connection);
		const uploadId = await trial.createUpload(plain);
		const part = partOf(1, await copy(context, uploadId, 1, SHORT));
		await trial.complete(uploadId, [part]);
		const whole = bytesOf(SHORT);
		const difference = await differenceOf(context, whole, [0, whole.byteLength]);
		if (difference !== undefined) return difference;
		const facts = { copies: true, unequalParts: false };
		const message = `one size only (${refusal.code}); ${NOTHING_COPIED}`;
		return provider.unequalParts ? fail(message, NOT_UNEQUAL, facts) : pass(message, facts);
	},
};

const NOT_UNEQUAL: Advice = {
	kind: "set-option",
	option: "provider",
	value: "generic",
	purpose: "to have parts of one size",
};

function copy(
	{ trial }: DoctorContext,
	UploadId: string,
	PartNumber: number,
	{ start, end }: Piece,
	more: Partial<UploadPartCopyCommandInput> = {},
): Promise<UploadPartCopyCommandOutput> {
	const range = { source: trial.address, etag: "", offset: start, byteLength: end - start };
	const { CopySource, CopySourceRange } = copyHeaders(range);
	const input = { ...trial.target, UploadId, PartNumber, CopySource, CopySourceRange, ...more };
	return trial.ask(new UploadPartCopyCommand(input), REFUSABLE);
}

function partOf(PartNumber: number, { CopyPartResult }: UploadPartCopyCommandOutput): TrialPart {
	return { PartNumber, ETag: CopyPartResult?.ETag };
}

function bytesOf({ start, end }: Piece): Uint8Array {
	return SOURCE.subarray(start, end);
}

/** Compares what is there with what should be: the size, and the bytes around each seam. */
async function differenceOf(
	{ trial, connection: { provider } }: DoctorContext,
	whole: Uint8Array,
	seams: readonly number[],
): Promise<Finding | undefined> {
	const mode = provider.checksums ? { ChecksumMode: "ENABLED" as const } : {};
	for (const seam of seams) {
		const start = Math.max(0, seam - SEAM_SIZE);
		const end = Math.min(whole.byteLength, seam + SEAM_SIZE);
		const command = new GetObjectCommand({
			...{ ...trial.target, ...mode },
			Range: `bytes=${start}-${end - 1}`,
		});
		const { Body, ContentRange } = await trial.ask(command, { streams: true });
		const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
		const size = Number(/\/(\d+)$/.exec(ContentRange ?? "")?.[1]);
		if (size !== whole.byteLength)
			return wrongCopy(provider, `made ${formatNumber(size)} bytes, not ${formatNumber(whole.byteLength)}`);
		if (!bytes.equals(whole.subarray(start, end)))
			return wrongCopy(provider, "copied other bytes than it was asked for");
	}
	return undefined;
}

function wrongCopy({ copies }: Provider, what: string): Finding {
	const judge = copies === "yes" ? fail : warn; // others try before they copy
	return judge(`the storage ${what}; ${NOTHING_COPIED}`, copies === "yes" ? NOT_AWS : undefined, {
		copies: false,
	});
}
