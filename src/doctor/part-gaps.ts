import { withoutChecksums } from "../s3/client/without-checksums.ts";
import { factsOf } from "../s3/errors/refusals.ts";
import { type Check, pass } from "./finding.ts";

const ONLY = Buffer.from("part 2");

/** Shards that are compressed leave part numbers out: nobody knows before how many parts each has. */
export const partGapsCheck: Check = {
	name: "part number gaps",
	writes: true,
	async run({ trial, connection }) {
		const plain = withoutChecksums(connection);
		const uploadId = await trial.createUpload(plain);
		const part = await trial.sendPart(uploadId, 2, ONLY, plain);
		try {
			await trial.complete(uploadId, [part]);
			return pass("taken: archives can be made of compressed shards", { partGaps: true });
		} catch (error) {
			// AWS answers gaps that it does not take as if it had failed itself: any answer but success is a refusal.
			if (factsOf(error).status === undefined) throw error;
			return pass("refused: archives can be made of stored shards only", { partGaps: false });
		}
	},
};
