import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Ends a program with the tests, whatever ends them: its standard input is a pipe that only their process holds.
 *
 * <p>As a program of its own it runs another one so. Arguments: the other's class, and its arguments.
 */
public final class Lifeline {
    public static void main(String[] arguments) throws ReflectiveOperationException {
        hold();
        try {
            String[] others = Arrays.copyOfRange(arguments, 1, arguments.length);
            Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object) others);
        } catch (InvocationTargetException failed) {
            failed.getCause().printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    /** Halts this process when its standard input ends. */
    static void hold() {
        Thread lifeline = new Thread(Lifeline::haltAtEndOfInput, "lifeline");
        lifeline.setDaemon(true);
        lifeline.start();
    }

    private static void haltAtEndOfInput() {
        try {
            while (System.in.read() >= 0) {
                // Nothing is ever written to it.
            }
        } catch (IOException gone) {
            System.err.println("standard input: " + gone);
        }
        Runtime.getRuntime().halt(1);
    }
}
