using SalesBrain.Core.Access;
using SalesBrain.LocalHost.Demo;
using SalesBrain.LocalHost.Development;

namespace SalesBrain.LocalHost.Commands;

/// <summary>What the host prints after it has started: its URLs, the demo sign-ins, and sample calls.</summary>
internal static class Greeting
{
    /// <param name="own">Null if a database was configured.</param>
    /// <param name="demoWebhookTokens">Tokens by organization slug; null if there is no demo data.</param>
    /// <param name="demoOnboardingToken">Of the first organization; null if there is no link to show.</param>
    /// <param name="mailFolder">The folder for e-mails; null if they go to a mail server.</param>
    internal static void Print(
        Uri address, DatabaseConnections? own, string? mailFolder, IReadOnlyDictionary<string, string>? demoWebhookTokens,
        string? demoOnboardingToken, TimeSpan startedIn)
    {
        var root = address.GetLeftPart(UriPartial.Authority);
        Console.WriteLine($"""

            SalesBrain runs on {root} (started in {startedIn.TotalSeconds:0.0} s). Ctrl-C stops it.

              API documentation   {root}/api/docs
              Health              {root}/api/health/ready
              Database            {(own is null ? "from ConnectionStrings__SalesBrain*" : SampleCalls.DatabaseOf(own))}
              E-mails             {(mailFolder is null ? "sent through Mail__SmtpHost" : $"not sent, stored as .eml files in {mailFolder}")}
            """);
        if (demoWebhookTokens is not null)
        {
            var (first, others) = (DemoData.Slugs[0], DemoData.Slugs.Skip(1));
            Console.WriteLine($"""

                Demo sign-ins, password {DemoData.Password}:
                  {string.Join(", ", Roles.All.Where(role => role.IsPlatform()).Select(role => DemoData.EmailOf(role, null)))}
                  {DemoData.EmailOf(Role.Owner, first)}; also {OtherRoles} instead of owner, and {string.Join(", ", others)} instead of {first}

                Send a webhook to {first}, as Instantly does:
                {SampleCalls.SendWebhook(root, demoWebhookTokens[first], TimeProvider.System.GetUtcNow())}

                Sign in:
                {SampleCalls.SignIn(root, DemoData.EmailOf(Role.Owner, first))}
                """);
            if (demoOnboardingToken is not null)
            {
                Console.WriteLine($"""

                    Open an onboarding link of {first}, as the person it was sent to:
                    {SampleCalls.OpenLink(root, demoOnboardingToken)}
                    """);
            }
        }
        Console.WriteLine();
    }

    private static string OtherRoles =>
        string.Join(", ", Roles.All.Where(role => !role.IsPlatform() && role != Role.Owner).Select(role => role.Name()));
}
