using System.Diagnostics.Metrics;

namespace SalesBrain.Core.Telemetry;

/// <summary>Sign-ins and other password checks that failed.</summary>
public sealed class SignInMetrics
{
    /// <summary>An unknown account or a wrong password. The metric does not tell which.</summary>
    public const string InvalidCredentials = "invalid_credentials";

    private readonly Counter<long> _failures;

    public SignInMetrics(IMeterFactory meters) =>
        _failures = meters.Create(Tracing.Name).CreateCounter<long>(
            "salesbrain.sign_in.failures", "{attempt}", "Sign-ins and password checks that did not succeed, by the code of the problem.");

    /// <summary>Counts a failure. <paramref name="reason"/> is the code of the problem that the caller gets.</summary>
    public void Failed(string reason) => _failures.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
