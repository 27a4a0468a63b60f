const { reporters } = require('mocha');

/** Mocha's own report, and its counts to the process that started it. Mocha loads reporters as CommonJS. */
module.exports = class CountingReporter extends reporters.Spec {
  /** Mocha exits only after `finish`, so the counts arrive. */
  done(failureCount, finish) {
    const { passes, failures, pending } = this.stats;
    const counts = { passed: passes, failed: failures, skipped: pending };
    if (process.send === undefined) finish(failureCount);
    else process.send(counts, () => finish(failureCount));
  }
};
