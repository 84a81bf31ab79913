using System.Text;
using SalesBrain.LocalHost.Startup;

namespace SalesBrain.LocalHost.Commands;

/// <summary>Reads a new password from the user of the program.</summary>
internal static class PasswordPrompt
{
    /// <summary>
    /// Prompts twice at a terminal without showing the input. If standard input is redirected, reads one line. Throws
    /// <see cref="StartupException"/> if there is none, or if the two differ.
    /// </summary>
    internal static string Read()
    {
        if (Console.IsInputRedirected)
        {
            return Console.In.ReadLine()
                ?? throw new StartupException("Standard input is empty: the password is read from its first line.");
        }
        var password = Ask("Password: ");
        return Ask("Repeat password: ") == password
            ? password
            : throw new StartupException("The two passwords differ. No user was created.");
    }

    private static string Ask(string question)
    {
        Console.Error.Write(question);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (key.KeyChar != '\0')
            {
                typed.Append(key.KeyChar);
            }
        }
        Console.Error.WriteLine();
        return typed.ToString();
    }
}
