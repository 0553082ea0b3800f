/**
 * What a benchmark found, in one form for all of them: figures with their rounds, as JSON and as one HTML file, and the
 * comparison of two such reports.
 */
@NullMarked
package dev.ringflow.benchmarks.report;

import org.jspecify.annotations.NullMarked;
