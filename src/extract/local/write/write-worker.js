// Runs in a thread of its own. Plain JavaScript, so that it can be started from the sources as well as
// from the built package.
import { answerRequests } from "../../../async/answer-requests.js";
import { writeBatch } from "./write-batch.js";

answerRequests(writeBatch, ({ spare }) => [spare.buffer]);
