namespace Microsoft.Azure.Functions.Worker;

/// <summary>Stands in for the official attribute: the function runs on this NCRONTAB schedule, or on the setting named <c>%Like__This%</c>.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : Attribute
{
    public string Schedule { get; private set; } = schedule;

    public bool UseMonitor { get; set; } = true;

    public bool RunOnStartup { get; set; }
}
