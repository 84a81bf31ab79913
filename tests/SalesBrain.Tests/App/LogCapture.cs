using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SalesBrain.Tests.App;

/// <summary>Keeps what the app logs, with every value and scope that a log could show, for tests that look for it.</summary>
public sealed class LogCapture(LogLevel least = LogLevel.Information) : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>The lowest level that is kept; below Information also the values and scopes.</summary>
    public LogLevel Least { get; } = least;

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
        // Outlives the hosts it is given to.
    }

    private sealed class Logger(LogCapture capture, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            if (capture.Least < LogLevel.Information)
            {
                capture._lines.Enqueue($"Scope {category}: {state} {ValuesOf(state)}");
            }
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => logLevel >= capture.Least;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            capture._lines.Enqueue(
                $"{logLevel} {category}: {formatter(state, exception)} {(capture.Least < LogLevel.Information ? ValuesOf(state) : "")} "
                + $"{exception}");

        private static string ValuesOf<TState>(TState state) =>
            state is IEnumerable<KeyValuePair<string, object?>> values
                ? string.Join(", ", values.Select(value => $"{value.Key}={value.Value}"))
                : "";
    }
}
