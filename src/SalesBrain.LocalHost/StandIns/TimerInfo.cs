namespace Microsoft.Azure.Functions.Worker;

/// <summary>Stands in for the official type: what a timer function is told about its schedule.</summary>
public class TimerInfo
{
    public ScheduleStatus? ScheduleStatus { get; set; }

    public bool IsPastDue { get; set; }
}
