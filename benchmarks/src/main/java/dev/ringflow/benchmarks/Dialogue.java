package dev.ringflow.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that runs as long as it is asked: one line in, one line out. */
final class Dialogue implements AutoCloseable {
    /** An end may have to write what it recorded. */
    private static final int PATIENCE_SECONDS = 20;

    private final String name;
    private final Process process;
    private final PrintWriter requests;
    private final BufferedReader answers;
    private final String greeting;

    private Dialogue(final String name, final Process process) throws IOException {
        this.name = name;
        this.process = process;
        requests = new PrintWriter(process.getOutputStream(), false, StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
        greeting = read();
    }

    /**
     * Starts a program, and waits until it says {@code ready}.
     *
     * @param name what people call it
     * @param command how to start it
     * @return the running program
     * @throws IOException if it does not get ready
     */
    static Dialogue start(final String name, final List<String> command) throws IOException {
        final Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        final Dialogue dialogue;
        try {
            dialogue = new Dialogue(name, process);
        } catch (final IOException e) {
            process.destroyForcibly();
            throw e;
        }
        if (!dialogue.greeting.startsWith("ready")) {
            dialogue.close();
            throw new IOException(name + " cannot start: " + dialogue.greeting);
        }
        return dialogue;
    }

    /** What came after {@code ready}. */
    String greeting() {
        return greeting.substring("ready".length()).trim();
    }

    long pid() {
        return process.pid();
    }

    /** Says a line, and waits for the answer. */
    String ask(final String request) throws IOException {
        requests.println(request);
        requests.flush();
        final String answer = read();
        if (answer.startsWith("error")) {
            throw new IOException(name + ": " + answer);
        }
        return answer;
    }

    /** As {@link #ask}, for an answer of numbers. */
    long[] askNumbers(final String request) throws IOException {
        final String[] words = ask(request).split(" ", -1);
        final long[] numbers = new long[words.length];
        for (int i = 0; i < words.length; i++) {
            numbers[i] = Long.parseLong(words[i]);
        }
        return numbers;
    }

    private String read() throws IOException {
        final String answer = answers.readLine();
        if (answer == null) {
            throw new IOException(name + " has ended");
        }
        return answer;
    }

    /** Ends the program: by the end of its input, or by force if that does not help. */
    @Override
    public void close() {
        requests.close();
        try {
            if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
