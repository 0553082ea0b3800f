package dev.ringflow.benchmarks.report;

/**
 * A subject that was to be measured, and was not.
 *
 * @param benchmark where it is missing
 * @param subject who is missing
 * @param reason why, and what to do about it
 */
public record Absence(String benchmark, String subject, String reason) {}
